package reject

import "testing"

func TestNames(t *testing.T) {
	t.Parallel()
	for record, want := range map[string]bool{
		`{"event_id":"e","user_id":"ada"}`:                         true,
		`{"user_id":"bob","received_at":7}`:                        false,
		`{"user_id":"adam"}`:                                       false,
		`{"visitor_id":"ada"}`:                                     false,
		`{"user_id" : "\u0061da"}`:                                 true,
		`{"user\u005fid":"ada"}`:                                   true,
		`{"user_id":"bob","user_id":"ada"}`:                        true,
		`{"user_id":"bob","params":{"user_id":"ada"}}`:             false,
		`{"params":{"x":"\"user_id\":\"ada\""},"user_id":"bob"}`:   false,
		`{"user_id":4711}`:                                         true,
		`[{"user_id":"ada"}]`:                                      false,
		`{"user_id":"ada","page_url":"https://e.example/?q=` + `x`: true,
		`{"event_id":"e","user_id":"ad`:                            true,
		`{"event_id":"e","user_id":"`:                              false,
		`{"event_id":"e","user_id":"adx`:                           false,
		`{"event_id":"e","user_id":"\u006`:                         false,
		`{"event_id":"e","user_id":"ad\u00`:                        true,
		"{\"user_id\":\"ada\x00\x00\x00\n":                         true,
		`{"user_id":"o\"ne"`:                                       true,
		`x "user_id" : "ada" y`:                                    true,
		`{"user_id":"adaption"`:                                    false,
		"":                                                         false,
		`{"user_id":4711,"x":"`:                                    true,
		`{"user_id" : 4711 ,"x":"`:                                 true,
		`{"user_id":47111,"x":"`:                                   false,
		`{"user_id":471,"x":"`:                                     false,
		`{"user_id":471`:                                           true,
		"{\"user_id\":4711\x00\x00":                                true,
		`{"user_id":`:                                              false,
		`{"user_id":null,"x":"`:                                    false,
	} {
		if got := Names([]byte(record), "user_id", []string{"ada", "4711", `o"ne`}); got != want {
			t.Errorf("%q: %v, want %v", record, got, want)
		}
	}
}

func TestErrorLineNames(t *testing.T) {
	t.Parallel()
	line := func(raw string) string {
		return string(AppendErrorLine(nil, ErrorLine{RawData: []byte(raw), LastErrorMessage: `"user_id":"ada"`}))
	}
	for text, want := range map[string]bool{
		line(`{"user_id":"ada","dnt":"no"}`): true,
		line(`{"user_id":"bob"}`):            false,
		line(`{"user_id":"ada`):              true,
		"{\"user_id\":\"ada\"}\n":            true, // no error line
		"{\"user_id\":\"ad":                  true,
		// an error line that is damaged
		line(`{"user_id":"ada","page_url":"x"}`)[:190]: true,
		line(`{"user_id":"bob","page_url":"x"}`)[:190]: false,
		line(`{"user_id":"ada"}`)[:150]:                false,
	} {
		if got := ErrorLineNames([]byte(text), "user_id", []string{"ada"}); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// Whatever stands behind it, a record that names somebody is seen to.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{`","n":1}`, `{"user_id":"a`, `"user_id":"\u00`, "\"user_id\":\"\\"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, rest []byte) {
		record := append([]byte(`{"user_id":"ada","x":"`), rest...)
		if !Names(record, "user_id", []string{"ada"}) {
			t.Errorf("%q names nobody", record)
		}
	})
}
