package awsfake

import (
	"maps"

	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/identity"
	"pixelctl/pkg/awsfake/observe"
	"pixelctl/pkg/awsfake/scheduler"
	"pixelctl/pkg/awsfake/secrets"
)

// providers are those of every type the stack uses.
func (f *Fake) providers() map[string]cloudformation.Provider {
	out := map[string]cloudformation.Provider{
		"AWS::IAM::Role":              f.roleProvider(),
		"AWS::Logs::LogGroup":         f.logGroupProvider(),
		"AWS::Logs::LogStream":        f.logStreamProvider(),
		"AWS::Scheduler::Schedule":    f.scheduleProvider(),
		"AWS::SecretsManager::Secret": f.secretProvider(),
		"AWS::S3::Bucket":             f.bucketProvider(),
		"AWS::S3::BucketPolicy":       f.bucketPolicyProvider(),
	}
	maps.Copy(out, f.computeProviders())
	maps.Copy(out, f.deliveryProviders())
	return out
}

// named is the name that the properties give, else what exists, else one as
// CloudFormation makes it.
func named[P any](x *names, most int, given func(*P) *string) func(resource, *P) string {
	return func(r resource, p *P) string {
		name := given(p)
		if *name == "" {
			*name = r.Physical.ID
		}
		if *name == "" {
			*name = x.physical(r.Stack, r.LogicalID, most)
		}
		return *name
	}
}

func (f *Fake) roleProvider() cloudformation.Provider {
	put := func(id string, p *identity.Role) (physical, error) {
		f.Identity.PutRole(*p)
		return physical{ID: id, Attributes: map[string]string{"Arn": f.Identity.ARN(id), "RoleId": "AROAFAKEROLEID"}}, nil
	}
	return adapter[identity.Role]{
		service: "Iam", create: put, update: put,
		name:   named(&f.names, 64, func(p *identity.Role) *string { return &p.RoleName }),
		remove: func(p physical) error { return f.Identity.DeleteRole(p.ID) },
	}
}

func (f *Fake) logGroupProvider() cloudformation.Provider {
	made := func(id string, err error) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{"Arn": f.Logs.ARN(id) + ":*"}}, err
	}
	return adapter[observe.Group]{
		service: "CloudWatchLogs",
		name:    named(&f.names, 512, func(p *observe.Group) *string { return &p.LogGroupName }),
		create:  func(id string, p *observe.Group) (physical, error) { return made(id, f.Logs.CreateGroup(*p)) },
		update:  func(id string, p *observe.Group) (physical, error) { return made(id, f.Logs.UpdateGroup(*p)) },
		remove:  func(p physical) error { return f.Logs.DeleteGroup(p.ID) },
	}
}

type logStream struct{ LogGroupName, LogStreamName string }

// owner is the attribute in which a physical resource keeps what it lies in;
// templates cannot ask for it.
const owner = "_owner"

func (f *Fake) logStreamProvider() cloudformation.Provider {
	made := func(id string, p *logStream) physical {
		return physical{ID: id, Attributes: map[string]string{owner: p.LogGroupName}}
	}
	return adapter[logStream]{
		service: "CloudWatchLogs",
		name:    named(&f.names, 512, func(p *logStream) *string { return &p.LogStreamName }),
		create: func(id string, p *logStream) (physical, error) {
			return made(id, p), f.Logs.CreateStream(p.LogGroupName, id)
		},
		update: func(id string, p *logStream) (physical, error) { return made(id, p), nil },
		remove: func(p physical) error { return f.Logs.DeleteStream(p.Attributes[owner], p.ID) },
	}
}

func (f *Fake) scheduleProvider() cloudformation.Provider {
	put := func(id string, p *scheduler.Schedule) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{"Arn": f.Scheduler.ARN(id)}}, f.Scheduler.Put(*p)
	}
	return adapter[scheduler.Schedule]{
		service: "Scheduler", create: put, update: put,
		name:   named(&f.names, 64, func(p *scheduler.Schedule) *string { return &p.Name }),
		remove: func(p physical) error { return f.Scheduler.Delete(p.ID) },
	}
}

// secretProvider has ARNs for ids. CloudFormation deletes a secret at once,
// without the days in which it could be restored.
func (f *Fake) secretProvider() cloudformation.Provider {
	made := func(arn string, err error) (physical, error) {
		return physical{ID: arn, Attributes: map[string]string{"Id": arn}}, err
	}
	return adapter[secrets.Secret]{
		service: "SecretsManager",
		name: func(r resource, p *secrets.Secret) string {
			if r.Physical.ID != "" {
				return r.Physical.ID
			}
			if p.Name == "" {
				p.Name = f.names.physical(r.Stack, r.LogicalID, 64)
			}
			return p.Name
		},
		create: func(_ string, p *secrets.Secret) (physical, error) { return made(f.Secrets.Create(*p)) },
		update: func(arn string, p *secrets.Secret) (physical, error) { return made(arn, f.Secrets.Update(arn, *p)) },
		remove: func(p physical) error { return f.Secrets.Delete(p.ID) },
	}
}
