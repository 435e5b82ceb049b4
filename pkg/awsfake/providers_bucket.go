package awsfake

import (
	"cmp"
	"encoding/json"

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

// policyProperties are those of AWS::S3::BucketPolicy.
type policyProperties struct {
	Bucket         string
	PolicyDocument json.RawMessage
}

// bucketPolicyProvider refuses a second policy, as there is one for a bucket.
func (f *Fake) bucketPolicyProvider() cloudformation.Provider {
	put := func(id string, p *policyProperties) (physical, error) {
		return physical{ID: id}, f.S3.SetPolicy(id, p.PolicyDocument)
	}
	return adapter[policyProperties]{
		service: "S3", update: put,
		name: func(_ resource, p *policyProperties) string { return p.Bucket },
		create: func(id string, p *policyProperties) (physical, error) {
			if _, err := f.S3.Policy(id); err == nil {
				return physical{}, wire.Error{Code: "AlreadyExists", Message: "The bucket policy already exists on bucket " + id + ".", Status: 409}
			}
			return put(id, p)
		},
		remove: func(p physical) error { return f.S3.SetPolicy(p.ID, nil) },
	}
}
