package awsfake

import (
	"cmp"

	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/wire"
)

// bucketProperties are those of AWS::S3::Bucket that the fake acts on.
type bucketProperties struct {
	BucketName              string
	VersioningConfiguration struct{ Status string }
	Tags                    map[string]string
}

func (f *Fake) bucketProvider() cloudformation.Provider {
	put := func(id string, p *bucketProperties) (physical, error) {
		made := physical{ID: id, Attributes: map[string]string{
			"Arn": "arn:aws:s3:::" + id, "DomainName": id + ".s3.amazonaws.com",
			"RegionalDomainName": id + ".s3." + Region + ".amazonaws.com",
		}}
		if err := f.S3.SetTags(id, p.Tags); err != nil {
			return made, err
		}
		if status := p.VersioningConfiguration.Status; status != "" {
			return made, f.S3.SetVersioning(id, status == "Enabled")
		}
		return made, nil
	}
	return adapter[bucketProperties]{
		service: "S3", update: put,
		name: func(r resource, p *bucketProperties) string {
			if name := cmp.Or(p.BucketName, r.Physical.ID); name != "" {
				return name
			}
			return f.names.bucket(r.Stack, r.LogicalID)
		},
		create: func(id string, p *bucketProperties) (physical, error) {
			if err := f.S3.CreateBucket(id); err != nil {
				return physical{}, err
			}
			return put(id, p)
		},
		remove: func(p physical) error { return f.S3.DeleteBucket(p.ID) },
	}
}

// policyProperties are those of AWS::S3::BucketPolicy. There is one policy for
// a bucket; nobody asks the fake for it.
type policyProperties struct{ Bucket string }

func (f *Fake) bucketPolicyProvider() cloudformation.Provider {
	const kind = "AWS::S3::BucketPolicy"
	return adapter[policyProperties]{
		service: "S3",
		name:    func(_ resource, p *policyProperties) string { return p.Bucket },
		create: func(id string, _ *policyProperties) (physical, error) {
			if err := f.registry.add(kind, id); err != nil {
				return physical{}, wire.Error{Code: "AlreadyExists", Message: err.Error(), Status: 409}
			}
			return physical{ID: id}, nil
		},
		update: func(id string, _ *policyProperties) (physical, error) { return physical{ID: id}, nil },
		remove: func(p physical) error { f.registry.remove(kind, p.ID); return nil },
	}
}
