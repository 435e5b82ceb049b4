package compute

import (
	"context"
	"slices"
	"strings"

	"pixelctl/pkg/awsfake/wire"
)

// GatewayRoutes are the paths of the operations (API model of 2018-11-29).
func GatewayRoutes() []wire.Route {
	const api = "/v2/apis/{ApiId}"
	return []wire.Route{
		{Method: "GET", Path: "/v2/apis", Operation: "GetApis"},
		{Method: "GET", Path: api, Operation: "GetApi"},
		{Method: "GET", Path: api + "/integrations", Operation: "GetIntegrations"},
		{Method: "GET", Path: api + "/integrations/{IntegrationId}", Operation: "GetIntegration"},
		{Method: "GET", Path: api + "/routes", Operation: "GetRoutes"},
		{Method: "GET", Path: api + "/routes/{RouteId}", Operation: "GetRoute"},
		{Method: "GET", Path: api + "/stages", Operation: "GetStages"},
		{Method: "GET", Path: api + "/stages/{StageName}", Operation: "GetStage"},
	}
}

type apiInput struct{ APIID, IntegrationID, RouteID, StageName string }

// Operations are the operations of GatewayRoutes.
func (g *Gateway) Operations() map[string]wire.Operation {
	list := func(show func(*API) []any) wire.Operation {
		return g.read(func(a *API, _ apiInput) (any, error) { return map[string]any{"items": show(a)}, nil })
	}
	return map[string]wire.Operation{
		"GetApis": wire.Bind(func(context.Context, struct{}) (any, error) {
			items := []any{}
			for _, id := range g.APIs() {
				_ = g.change(id, func(a *API) error { items = append(items, g.describe(a)); return nil })
			}
			return map[string]any{"items": items}, nil
		}),
		"GetApi":          g.read(func(a *API, _ apiInput) (any, error) { return g.describe(a), nil }),
		"GetIntegrations": list(describeIntegrations),
		"GetRoutes":       list(describeRoutes),
		"GetIntegration": g.read(func(a *API, in apiInput) (any, error) {
			if i, ok := a.integrations[in.IntegrationID]; ok {
				return describeIntegration(in.IntegrationID, i), nil
			}
			return nil, missing("Integration")
		}),
		"GetRoute": g.read(func(a *API, in apiInput) (any, error) {
			if r, ok := a.routes[in.RouteID]; ok {
				return describeRoute(in.RouteID, r), nil
			}
			return nil, missing("Route")
		}),
		"GetStages": list(describeStages),
		"GetStage": g.read(func(a *API, in apiInput) (any, error) {
			if s, ok := a.stages[in.StageName]; ok {
				return describeStage(s), nil
			}
			return nil, missing("Stage")
		}),
	}
}

func (g *Gateway) read(f func(*API, apiInput) (any, error)) wire.Operation {
	return wire.Bind(func(_ context.Context, in apiInput) (out any, err error) {
		err = g.change(in.APIID, func(a *API) error { out, err = f(a, in); return err })
		return out, err
	})
}

func (g *Gateway) describe(a *API) any {
	return map[string]any{
		"apiId": a.id, "name": a.Name, "protocolType": a.ProtocolType, "description": a.Description,
		"apiEndpoint": g.Endpoint(a.id), "disableExecuteApiEndpoint": a.DisableExecuteAPIEndpoint,
		"tags": a.Tags, "routeSelectionExpression": "$request.method $request.path",
	}
}

// Endpoint is the URL of an API, without a slash at the end.
func (g *Gateway) Endpoint(id string) string {
	if g.o.URL != "" {
		return g.o.URL + dataPath + id
	}
	return "https://" + g.Host(id)
}

// Host is the name under which an API is reached.
func (g *Gateway) Host(id string) string {
	return id + ".execute-api." + g.o.Region + ".amazonaws.com"
}

func describeIntegrations(a *API) []any { return each(a.integrations, describeIntegration) }

func describeIntegration(id string, i Integration) any {
	return map[string]any{
		"integrationId": id, "integrationType": i.IntegrationType, "integrationUri": i.IntegrationURI,
		"payloadFormatVersion": i.PayloadFormatVersion, "integrationMethod": i.IntegrationMethod,
	}
}

func describeRoutes(a *API) []any { return each(a.routes, describeRoute) }

func describeRoute(id string, r Route) any {
	return map[string]any{"routeId": id, "routeKey": r.RouteKey, "target": r.Target, "authorizationType": r.AuthorizationType}
}

func describeStages(a *API) []any {
	return each(a.stages, func(_ string, s *Stage) any { return describeStage(s) })
}

func describeStage(s *Stage) any {
	settings := map[string]any{"detailedMetricsEnabled": s.DefaultRouteSettings.DetailedMetricsEnabled}
	if v := s.DefaultRouteSettings.ThrottlingRateLimit; v != nil {
		settings["throttlingRateLimit"] = *v
	}
	if v := s.DefaultRouteSettings.ThrottlingBurstLimit; v != nil {
		settings["throttlingBurstLimit"] = *v
	}
	return map[string]any{
		"stageName": s.StageName, "autoDeploy": s.AutoDeploy, "defaultRouteSettings": settings, "tags": s.Tags,
		"accessLogSettings": map[string]string{
			"destinationArn": s.AccessLogSettings.DestinationArn, "format": s.AccessLogSettings.Format,
		},
	}
}

func each[T any](from map[string]T, show func(string, T) any) []any {
	ids := make([]string, 0, len(from))
	for id := range from {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, strings.Compare)
	out := make([]any, 0, len(ids))
	for _, id := range ids {
		out = append(out, show(id, from[id]))
	}
	return out
}
