package compute

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"pixelctl/pkg/awsfake/wire"
)

// API is an HTTP API; its JSON is that of AWS::ApiGatewayV2::Api.
type API struct {
	Name, ProtocolType, Description, IPAddressType string
	DisableExecuteAPIEndpoint                      bool
	Tags                                           map[string]string

	id           string
	integrations map[string]Integration
	routes       map[string]Route
	stages       map[string]*Stage
}

// Integration leads to a function; its JSON is that of
// AWS::ApiGatewayV2::Integration.
type Integration struct {
	APIID, IntegrationType, IntegrationURI, IntegrationMethod, PayloadFormatVersion string
	TimeoutInMillis                                                                 int
}

// Route leads requests to an integration; its JSON is that of
// AWS::ApiGatewayV2::Route.
type Route struct {
	APIID, RouteKey, Target, AuthorizationType string
}

// Stage makes routes public; its JSON is that of AWS::ApiGatewayV2::Stage.
type Stage struct {
	APIID, StageName, DeploymentID string
	AutoDeploy                     bool
	AccessLogSettings              AccessLog
	DefaultRouteSettings           RouteSettings
	Tags                           map[string]string

	bucket bucket
}

// AccessLog is where and in which form a stage logs its requests.
type AccessLog struct {
	DestinationArn string `json:",omitempty"`
	Format         string `json:",omitempty"`
}

// RouteSettings are a stage's throttle: requests a second, and how many at once.
// Unset they are the account's, 10,000 and 5,000.
type RouteSettings struct {
	ThrottlingRateLimit    *float64 `json:",omitempty"`
	ThrottlingBurstLimit   *int     `json:",omitempty"`
	DetailedMetricsEnabled bool     `json:",omitempty"`
}

// Gateway is API Gateway. It is safe for concurrent use.
type Gateway struct {
	o        Options
	lambda   *Lambda
	lock     sync.Mutex
	apis     map[string]*API
	requests int64
}

// NewGateway returns the service without APIs. Its integrations lead to lambda.
func NewGateway(o Options, lambda *Lambda) *Gateway {
	return &Gateway{o: o, lambda: lambda, apis: map[string]*API{}}
}

// APIs gives the ids, sorted.
func (g *Gateway) APIs() []string {
	g.lock.Lock()
	defer g.lock.Unlock()
	return slices.Sorted(maps.Keys(g.apis))
}

// PutAPI makes or changes the API with that id.
func (g *Gateway) PutAPI(id string, a API) {
	g.lock.Lock()
	defer g.lock.Unlock()
	a.id = id
	a.integrations, a.routes, a.stages = map[string]Integration{}, map[string]Route{}, map[string]*Stage{}
	if old, ok := g.apis[id]; ok {
		a.integrations, a.routes, a.stages = old.integrations, old.routes, old.stages
	}
	g.apis[id] = &a
}

// DeleteAPI removes an API with all it has.
func (g *Gateway) DeleteAPI(id string) error {
	g.lock.Lock()
	defer g.lock.Unlock()
	_, err := g.api(id)
	delete(g.apis, id)
	return err
}

// PutIntegration makes or changes an integration.
func (g *Gateway) PutIntegration(id string, i Integration) error {
	return g.change(i.APIID, func(a *API) error {
		if i.PayloadFormatVersion != "2.0" && i.PayloadFormatVersion != "1.0" {
			return wire.Error{Code: "BadRequestException", Message: "PayloadFormatVersion is a required parameter for integration"}
		}
		a.integrations[id] = i
		return nil
	})
}

// PutRoute makes or changes a route. Two routes cannot have one key.
func (g *Gateway) PutRoute(id string, r Route) error {
	return g.change(r.APIID, func(a *API) error {
		for other, have := range a.routes {
			if other != id && have.RouteKey == r.RouteKey {
				return wire.Error{Code: "ConflictException", Message: "Route with key " + r.RouteKey + " already exists for this API", Status: 409}
			}
		}
		if _, ok := a.integrations[strings.TrimPrefix(r.Target, "integrations/")]; !ok {
			return wire.Error{Code: "NotFoundException", Message: "Unable to find Integration for target " + r.Target, Status: 404}
		}
		a.routes[id] = r
		return nil
	})
}

// PutStage makes or changes a stage. Its throttle starts anew.
func (g *Gateway) PutStage(s Stage) error {
	return g.change(s.APIID, func(a *API) error {
		s.bucket = s.DefaultRouteSettings.bucket(g.o.Clock.Now())
		a.stages[s.StageName] = &s
		return nil
	})
}

// DeleteIntegration removes an integration; a route that leads to it keeps it.
func (g *Gateway) DeleteIntegration(api, id string) error {
	return g.change(api, func(a *API) error {
		for _, r := range a.routes {
			if strings.TrimPrefix(r.Target, "integrations/") == id {
				return wire.Error{Code: "ConflictException", Message: "Cannot delete Integration '" + id + "' due to Route '" + r.RouteKey + "' references", Status: 409}
			}
		}
		return remove(a.integrations, id, "Integration")
	})
}

// DeleteRoute removes a route.
func (g *Gateway) DeleteRoute(api, id string) error {
	return g.change(api, func(a *API) error { return remove(a.routes, id, "Route") })
}

// DeleteStage removes a stage.
func (g *Gateway) DeleteStage(api, name string) error {
	return g.change(api, func(a *API) error { return remove(a.stages, name, "Stage") })
}

func remove[T any](from map[string]T, id, kind string) error {
	if _, ok := from[id]; !ok {
		return missing(kind)
	}
	delete(from, id)
	return nil
}

func (g *Gateway) change(id string, f func(*API) error) error {
	g.lock.Lock()
	defer g.lock.Unlock()
	a, err := g.api(id)
	if err != nil {
		return err
	}
	return f(a)
}

func (g *Gateway) api(id string) (*API, error) {
	if a, ok := g.apis[id]; ok {
		return a, nil
	}
	return nil, missing("API")
}

func missing(kind string) error {
	return wire.Error{Code: "NotFoundException", Message: "Invalid " + kind + " identifier specified", Status: 404}
}
