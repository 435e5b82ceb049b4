package pipeline

// Phase is where a step stands.
type Phase string

// The phases of a step.
const (
	Begin Phase = "begin"
	Move  Phase = "move" // Done of Total
	End   Phase = "end"
	Note  Phase = "note" // something worth telling that is no step
	Warn  Phase = "warn"
)

// Event tells how far a long operation is. The sink decides how to show it.
type Event struct {
	Phase Phase
	Step  string // what is done, such as "start server"
	Text  string // detail, in words
	Done  int64
	Total int64 // 0 when unknown
}

// Sink takes events; it must be safe for concurrent use. A nil Sink drops them.
type Sink func(Event)

// Send passes e on, if anybody listens.
func (s Sink) Send(e Event) {
	if s != nil {
		s(e)
	}
}
