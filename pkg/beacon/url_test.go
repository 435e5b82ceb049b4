package beacon

import "testing"

func TestSplitURL(t *testing.T) {
	tests := []struct {
		url  string
		want parts
	}{
		{"https://www.example.com/a/b?c=d&e#f", parts{"www.example.com", "/a/b", "c=d&e"}},
		{"HTTPS://User:Pass@WWW.Example.COM:8443/A", parts{"www.example.com", "/A", ""}},
		{"https://a.example", parts{"a.example", "/", ""}},
		{"https://a.example?x=1", parts{"a.example", "/", "x=1"}},
		{"https://a.example#x?y", parts{"a.example", "/", ""}},
		{"https://[2001:DB8::1]:8080/x", parts{"2001:db8::1", "/x", ""}},
		{"https://[2001:db8::1", parts{"2001:db8::1", "/", ""}},
		{"https://a.example/x?y=http://b.example/?z", parts{"a.example", "/x", "y=http://b.example/?z"}},
		{"https://a.example/u@v:1", parts{"a.example", "/u@v:1", ""}},
		{"android-app://com.google.android.gm/", parts{"com.google.android.gm", "/", ""}},
		{"//a.example/x", parts{"a.example", "/x", ""}},
		{"/x/y?z", parts{"", "/x/y", "z"}},
		{"file:///home/x.html", parts{"", "/home/x.html", ""}},
		{"about:blank", parts{}},
		{"data:text/html,<a href='https://a.example/'>", parts{}},
		{"javascript:alert('//a.example/')", parts{}},
		{"www.example.com/x", parts{}},
		{"localhost:8080/x", parts{}},
		{"://a.example/", parts{}},
		{"?a=b", parts{}},
		{"#", parts{}},
		{"https://", parts{}},
		{"", parts{}},
	}
	for _, tt := range tests {
		t.Run(tt.url, func(t *testing.T) {
			if got := splitURL(tt.url); got != tt.want {
				t.Errorf("splitURL = %+v, want %+v", got, tt.want)
			}
		})
	}
}
