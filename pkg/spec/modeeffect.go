package spec

// modeEffect says in words what a mode of a key of privacy does to new rows;
// old rows always stay as they are.
func modeEffect(key, mode string) string {
	switch key {
	case "ip":
		return ipEffect(mode)
	case "user":
		return userEffect(mode)
	case "visitor":
		return visitorEffect(mode)
	case "user_agent":
		if mode == Class {
			return "new rows hold browser, os and device, but no user_agent; old rows stay as they are"
		}
		return "new rows hold the whole user_agent"
	case "referrer":
		return referrerEffect(mode)
	case "gpc":
		return signalEffect("Sec-GPC: 1", "dropped:gpc", mode)
	case "dnt":
		return signalEffect("DNT: 1", "dropped:dnt", mode)
	case "consent.without":
		return signalEffect("no consent", "dropped:consent", mode)
	}
	return ""
}

func ipEffect(mode string) string {
	switch mode {
	case IPFull:
		return "new rows hold the whole address"
	case Hash:
		return "new rows hold a hash of the address that is another one each day; old rows stay as they are"
	case None:
		return "new rows hold no address; old rows stay as they are"
	}
	return "new rows hold the address cut to /24, or /48 for IPv6; old rows stay as they are"
}

func userEffect(mode string) string {
	switch mode {
	case Hash:
		return "new rows hold a hash in user_id, which does not match old rows; old rows stay as they are"
	case None:
		return "new rows hold no user_id; old rows stay as they are"
	}
	return "new rows hold user_id as the page names it"
}

func visitorEffect(mode string) string {
	switch mode {
	case VisitorDaily:
		return "new rows without a visitor of the page's hold a hash in visitor_id that is another one each day"
	case None:
		return "new rows hold no visitor_id; old rows stay as they are"
	}
	return "new rows hold visitor_id as the page names it, else NULL"
}

func referrerEffect(mode string) string {
	switch mode {
	case Origin:
		return "new rows hold the referrer without path and query; old rows stay as they are"
	case None:
		return "new rows hold no referrer; old rows stay as they are"
	}
	return "new rows hold the whole referrer"
}

func signalEffect(signal, status, mode string) string {
	switch mode {
	case Strip:
		return "hits with " + signal + " are recorded without their personal columns"
	case DropHit:
		return "hits with " + signal + " leave a row without personal columns, whose status is " + status
	}
	return "hits with " + signal + " are recorded like others"
}
