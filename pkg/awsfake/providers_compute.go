package awsfake

import (
	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/compute"
)

func (f *Fake) computeProviders() map[string]cloudformation.Provider {
	return map[string]cloudformation.Provider{
		"AWS::Lambda::Function":          f.functionProvider(),
		"AWS::Lambda::Permission":        f.permissionProvider(),
		"AWS::ApiGatewayV2::Api":         f.apiProvider(),
		"AWS::ApiGatewayV2::Integration": f.integrationProvider(),
		"AWS::ApiGatewayV2::Route":       f.routeProvider(),
		"AWS::ApiGatewayV2::Stage":       f.stageProvider(),
	}
}

func (f *Fake) functionProvider() cloudformation.Provider {
	made := func(id string, err error) (physical, error) {
		arn := "arn:aws:lambda:" + Region + ":" + Account + ":function:" + id
		return physical{ID: id, Attributes: map[string]string{"Arn": arn}}, err
	}
	return adapter[compute.Function]{
		service: "Lambda",
		name:    named(&f.names, 64, func(p *compute.Function) *string { return &p.FunctionName }),
		create:  func(id string, p *compute.Function) (physical, error) { return made(id, f.Lambda.CreateFunction(*p)) },
		update:  func(id string, p *compute.Function) (physical, error) { return made(id, f.Lambda.UpdateFunction(*p)) },
		remove:  func(p physical) error { return f.Lambda.DeleteFunction(p.ID) },
	}
}

func (f *Fake) permissionProvider() cloudformation.Provider {
	put := func(id string, p *compute.Permission) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{"Id": id}}, f.Lambda.AddPermission(id, *p)
	}
	return adapter[compute.Permission]{
		service: "Lambda", create: put, update: put,
		name: func(r resource, _ *compute.Permission) string {
			if r.Physical.ID != "" {
				return r.Physical.ID
			}
			return f.names.physical(r.Stack, r.LogicalID, 100)
		},
		remove: func(p physical) error { return f.Lambda.RemovePermission(p.ID) },
	}
}

func (f *Fake) apiProvider() cloudformation.Provider {
	put := func(id string, p *compute.API) (physical, error) {
		f.Gateway.PutAPI(id, *p)
		return physical{ID: id, Attributes: map[string]string{"ApiId": id, "ApiEndpoint": f.Gateway.Endpoint(id)}}, nil
	}
	return adapter[compute.API]{
		service: "ApiGatewayV2", create: put, update: put,
		name:   drawn[compute.API](&f.names),
		remove: func(p physical) error { return f.Gateway.DeleteAPI(p.ID) },
	}
}

// drawn is the name of a resource whose id AWS draws.
func drawn[P any](x *names) func(resource, *P) string {
	return func(r resource, _ *P) string {
		if r.Physical.ID != "" {
			return r.Physical.ID
		}
		return x.random(lowerChars, 10)
	}
}

func (f *Fake) integrationProvider() cloudformation.Provider {
	put := func(id string, p *compute.Integration) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{"IntegrationId": id, owner: p.APIID}}, f.Gateway.PutIntegration(id, *p)
	}
	return adapter[compute.Integration]{
		service: "ApiGatewayV2", create: put, update: put, name: drawn[compute.Integration](&f.names),
		remove: func(p physical) error { return f.Gateway.DeleteIntegration(p.Attributes[owner], p.ID) },
	}
}

func (f *Fake) routeProvider() cloudformation.Provider {
	put := func(id string, p *compute.Route) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{"RouteId": id, owner: p.APIID}}, f.Gateway.PutRoute(id, *p)
	}
	return adapter[compute.Route]{
		service: "ApiGatewayV2", create: put, update: put, name: drawn[compute.Route](&f.names),
		remove: func(p physical) error { return f.Gateway.DeleteRoute(p.Attributes[owner], p.ID) },
	}
}

func (f *Fake) stageProvider() cloudformation.Provider {
	put := func(id string, p *compute.Stage) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{owner: p.APIID}}, f.Gateway.PutStage(*p)
	}
	return adapter[compute.Stage]{
		service: "ApiGatewayV2", create: put, update: put,
		name:   func(_ resource, p *compute.Stage) string { return p.StageName },
		remove: func(p physical) error { return f.Gateway.DeleteStage(p.Attributes[owner], p.ID) },
	}
}
