package fault

// Nearest returns, for a hint, the word of list that is most like word, or ""
// when none is near: at most one edit in three letters, and two for short words.
// A swap of neighbours is one edit. The first of equals wins.
func Nearest(word string, list []string) string {
	w := []rune(word)
	if len(w) > 64 {
		return ""
	}
	best, limit := "", max(len(w)/3, 2)+1
	for _, cand := range list {
		c := []rune(cand)
		if d := distance(w, c); d < limit && d < max(len(w), len(c)) {
			best, limit = cand, d
		}
	}
	return best
}

// distance is the optimal string alignment distance.
func distance(a, b []rune) int {
	two, one, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return one[len(b)]
}
