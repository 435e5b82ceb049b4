package local

import (
	"context"

	"pixelctl/pkg/beacon"
	"pixelctl/pkg/event"
	"pixelctl/pkg/local/control"
	"pixelctl/pkg/local/server"
	"pixelctl/pkg/privacy"
	"pixelctl/pkg/spec"
)

// openRecords makes the beacon of the settings and the keys that it needs.
func (h *host) openRecords() (*beacon.Beacon, error) {
	h.keys = &keyring{path: h.layout.Keys(), fs: h.fs}
	b, err := h.newBeacon(h.settings.Spec)
	if err != nil {
		return nil, err
	}
	h.records.Store(&control.Records{Spec: h.settings.Spec, RetentionDays: h.settings.RetentionDays})
	h.keys.need(h.settings.Spec.Privacy.NeedsSecret(), h.today())
	if err := h.keys.problem(); err != nil {
		h.Log.Error("keys of the day failed; what needs them is left out", "error", err)
	}
	return b, nil
}

func (h *host) today() int64 { return privacy.Day(event.MillisOf(h.Clock())) }

func (h *host) newBeacon(s spec.Spec) (*beacon.Beacon, error) {
	return beacon.New(beacon.Options{Collector: "pixelctl/" + h.Version + " local", Spec: s, Keys: h.keys})
}

func (h *host) newServer(b *beacon.Beacon) *server.Server {
	return server.New(server.Options{
		Beacon: b,
		Store:  h.spool, Clock: h.Clock, NewID: newID,
		TrustProxy: h.settings.TrustProxy, RateLimit: h.settings.RateLimit, Counts: h.counts,
	})
}

// schema gives the columns of the records that are in the spool.
func (h *host) schema() event.Schema { return h.records.Load().Spec.Schema() }

// SetRecords answers control.Server. What is written down comes first, so that
// a server that is killed comes back with it; then the columns, then the hits
// that fill them; keys are there as long as a beacon asks for them.
func (h *host) SetRecords(_ context.Context, r control.Records) error {
	b, err := h.newBeacon(r.Spec)
	if err != nil {
		return err
	}
	s, err := loadSettings(h.layout)
	if err != nil {
		return err
	}
	s.Spec, s.RetentionDays = r.Spec, r.RetentionDays
	if err := saveJSON(h.layout.Settings(), s); err != nil {
		return err
	}
	needed := r.Spec.Privacy.NeedsSecret()
	if needed {
		h.keys.need(needed, h.today())
	}
	h.records.Store(&r)
	h.server.SetBeacon(b)
	if !needed {
		h.keys.need(needed, h.today())
	}
	h.retainNow()
	return nil
}
