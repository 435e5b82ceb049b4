package cloudformation

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

const stackType = "AWS::CloudFormation::Stack"

// event is one entry of DescribeStackEvents.
type event struct {
	StackID      string `xml:"StackId"`
	ID           string `xml:"EventId"`
	StackName    string `xml:"StackName"`
	LogicalID    string `xml:"LogicalResourceId"`
	PhysicalID   string `xml:"PhysicalResourceId"`
	Type         string `xml:"ResourceType"`
	Timestamp    string `xml:"Timestamp"`
	Status       string `xml:"ResourceStatus"`
	Reason       string `xml:"ResourceStatusReason,omitempty"`
	Properties   string `xml:"ResourceProperties,omitempty"`
	Token        string `xml:"ClientRequestToken,omitempty"`
	OperationID  string `xml:"OperationId,omitempty"`
	EventType    string `xml:"EventType,omitempty"`
	OperationFor string `xml:"OperationType,omitempty"`
}

// setStatus changes a stack's status and tells so.
func (s *Server) setStatus(st *stack, at time.Time, r *run, status, reason string) {
	st.status, st.reason = status, reason
	if status != review && !strings.HasPrefix(status, "CREATE") && !strings.HasPrefix(status, "ROLLBACK") {
		st.updated = at
	}
	s.tell(st, at, r, event{LogicalID: st.name, PhysicalID: st.id, Type: stackType, Status: status, Reason: reason})
}

// setResource changes a resource's status and tells so.
func (s *Server) setResource(st *stack, at time.Time, r *run, res *resource, status, reason string) {
	res.status, res.reason, res.updated = status, reason, at
	properties := ""
	if text, err := json.Marshal(res.now.Properties); err == nil && res.now.Properties != nil {
		properties = string(text)
	}
	s.tell(st, at, r, event{
		LogicalID: res.id, PhysicalID: res.now.Physical.ID, Type: res.kind, Status: status, Reason: reason, Properties: properties,
	})
}

func (s *Server) tell(st *stack, at time.Time, r *run, e event) {
	e.StackID, e.StackName, e.Timestamp, e.ID = st.id, st.name, stamp(at), s.uuid()
	if r != nil {
		e.Token, e.OperationID, e.OperationFor = r.token, r.id, r.kind
	}
	st.events = append(st.events, e)
}

type eventsResult struct {
	Events    []event `xml:"StackEvents>member"`
	NextToken string  `xml:"NextToken,omitempty"`
}

func (s *Server) describeStackEvents(f form) (any, error) {
	st, err := s.must(f.get("StackName"))
	if err != nil {
		return nil, invalid("Stack [%s] does not exist", f.get("StackName"))
	}
	events := slices.Clone(st.events)
	slices.Reverse(events)
	for i := range events {
		events[i].OperationFor = ""
	}
	cut, next, err := page(f, s.options.PageSize, events)
	return eventsResult{cut, next}, err
}

type operationEvents struct {
	Events    []event `xml:"OperationEvents>member"`
	NextToken string  `xml:"NextToken,omitempty"`
}

// describeEvents answers by stack, change set or operation; FailedEvents keeps
// the failures of resources.
func (s *Server) describeEvents(f form) (any, error) {
	name, operation := f.get("StackName"), f.get("OperationId")
	var events []event
	for _, st := range s.stacks {
		_, mine := s.changeSetOf(st, f.get("ChangeSetName"))
		if found, ok := s.find(name); ok && found == st || mine || name == "" && operation != "" {
			events = append(events, st.events...)
		}
	}
	if len(events) == 0 {
		return nil, invalid("Stack [%s] does not exist", name)
	}
	events = slices.DeleteFunc(events, func(e event) bool {
		failed := strings.HasSuffix(e.Status, "_FAILED") && e.Type != stackType
		return operation != "" && e.OperationID != operation || f.is("Filters.FailedEvents") && !failed
	})
	slices.Reverse(events)
	for i := range events {
		events[i].EventType = eventType(events[i])
	}
	cut, next, err := page(f, s.options.PageSize, events)
	return operationEvents{cut, next}, err
}

func eventType(e event) string {
	switch {
	case e.Type == stackType:
		return "STACK_EVENT"
	case strings.HasSuffix(e.Status, "_FAILED"):
		return "PROVISIONING_ERROR"
	}
	return "PROGRESS_EVENT"
}
