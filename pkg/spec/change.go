package spec

// Change is one difference between what is deployed and what is wanted.
type Change struct {
	Action string `json:"action"` // add, retire, revive, change, set
	Name   string `json:"name"`   // of the field, or the key such as privacy.ip
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Effect string `json:"effect"` // what old and new rows hold afterwards, in words
}
