package secrets

import (
	"context"
	"time"

	"pixelctl/pkg/awsfake/wire"
)

// input is that of all operations (API model of 2017-10-17).
type input struct {
	SecretID                   string `json:"SecretId"`
	VersionID                  string `json:"VersionId"`
	VersionStage               string
	ClientRequestToken         string
	SecretString               string
	RecoveryWindowInDays       int
	ForceDeleteWithoutRecovery bool
}

// Operations are the operations of the service that the stack needs.
func (s *Server) Operations() map[string]wire.Operation {
	return map[string]wire.Operation{
		"GetSecretValue": wire.Bind(s.getValue),
		"PutSecretValue": wire.Bind(s.putValue),
		"DescribeSecret": wire.Bind(s.describe),
		"DeleteSecret":   wire.Bind(s.remove),
	}
}

func (s *Server) getValue(_ context.Context, in input) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.usable(in.SecretID)
	if err != nil {
		return nil, err
	}
	if in.VersionID == "" && in.VersionStage == "" {
		in.VersionStage = current
	}
	v, err := x.version(in.VersionID, in.VersionStage)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"ARN": x.arn, "Name": x.Name, "VersionId": v.id, "SecretString": v.value, "VersionStages": v.stages,
		"CreatedDate": seconds(v.created),
	}, nil
}

func (s *Server) putValue(_ context.Context, in input) (any, error) {
	if err := s.Put(in.SecretID, in.ClientRequestToken, in.SecretString); err != nil {
		return nil, err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.usable(in.SecretID)
	if err != nil {
		return nil, err
	}
	v, err := x.version(in.ClientRequestToken, "")
	return map[string]any{"ARN": x.arn, "Name": x.Name, "VersionId": v.id, "VersionStages": v.stages}, err
}

func (s *Server) describe(_ context.Context, in input) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.find(in.SecretID)
	if err != nil {
		return nil, err
	}
	stages := map[string][]string{}
	for _, v := range x.versions {
		if len(v.stages) > 0 {
			stages[v.id] = v.stages
		}
	}
	out := map[string]any{
		"ARN": x.arn, "Name": x.Name, "Description": x.Description, "Tags": x.Tags, "VersionIdsToStages": stages,
		"CreatedDate": seconds(x.created), "LastChangedDate": seconds(x.changed),
	}
	if !x.deleted.IsZero() {
		out["DeletedDate"] = seconds(x.deleted)
	}
	return out, nil
}

// remove lets a secret wait for 30 days, or for as many as are given.
func (s *Server) remove(_ context.Context, in input) (any, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	x, err := s.find(in.SecretID)
	if err != nil {
		return nil, err
	}
	if in.RecoveryWindowInDays == 0 {
		in.RecoveryWindowInDays = 30
	}
	end := s.clock.Now().AddDate(0, 0, in.RecoveryWindowInDays)
	if in.ForceDeleteWithoutRecovery {
		end = s.clock.Now()
		delete(s.secrets, x.arn)
	}
	x.deleted = s.clock.Now()
	return map[string]any{"ARN": x.arn, "Name": x.Name, "DeletionDate": seconds(end)}, nil
}

// seconds is a time as the protocol AWS JSON writes it.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
