package extract

import "testing"

func TestSplitURL(t *testing.T) {
	tests := []struct {
		url  string
		want URL
	}{
		{"https://www.example.com/a/b?c=d&e#f", URL{"www.example.com", "/a/b", "c=d&e"}},
		{"HTTPS://User:Pass@WWW.Example.COM:8443/A", URL{"www.example.com", "/A", ""}},
		{"https://a.example", URL{"a.example", "/", ""}},
		{"https://a.example?x=1", URL{"a.example", "/", "x=1"}},
		{"https://a.example#x?y", URL{"a.example", "/", ""}},
		{"https://[2001:DB8::1]:8080/x", URL{"2001:db8::1", "/x", ""}},
		{"https://[2001:db8::1", URL{"2001:db8::1", "/", ""}},
		{"https://a.example/x?y=http://b.example/?z", URL{"a.example", "/x", "y=http://b.example/?z"}},
		{"https://a.example/u@v:1", URL{"a.example", "/u@v:1", ""}},
		{"android-app://com.google.android.gm/", URL{"com.google.android.gm", "/", ""}},
		{"//a.example/x", URL{"a.example", "/x", ""}},
		{"/x/y?z", URL{"", "/x/y", "z"}},
		{"file:///home/x.html", URL{"", "/home/x.html", ""}},
		{"about:blank", URL{}},
		{"data:text/html,<a href='https://a.example/'>", URL{}},
		{"javascript:alert('//a.example/')", URL{}},
		{"www.example.com/x", URL{}},
		{"localhost:8080/x", URL{}},
		{"://a.example/", URL{}},
		{"?a=b", URL{}},
		{"#", URL{}},
		{"https://", URL{}},
		{"", URL{}},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			if got := SplitURL(tt.url); got != tt.want {
				t.Errorf("SplitURL = %+v, want %+v", got, tt.want)
			}
		})
	}
}
