package policy

import "slices"

// asked are the rights that Athena borrows from who asks. Source: Athena
// manual, access to the Glue catalog and to S3 locations.
func asked(t Task) []grant {
	if t != Query && t != Operate && t != Errors && t != Purge {
		return nil
	}
	const database, location, list = "glue:GetDatabase", "s3:GetBucketLocation", "s3:ListBucket"
	write := []string{"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"}
	all := slices.Concat(
		on(defaultDB, database), // Athena asks for it whatever the query's database is
		on(tables, database, "glue:GetTable", "glue:GetTables", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition"),
		on(dataBucket, location, list),
		on(rows, "s3:GetObject"),
		on(resultsBucket, location, list, "s3:ListBucketMultipartUploads"),
		on(results, append(write, "s3:GetObject")...),
	)
	if t == Purge { // UNLOAD
		all = append(all, on(staging, write...)...)
	}
	return all
}

// handler are the rights that CloudFormation's handler of one type of resource
// borrows from who deploys, or takes from the role of --role-arn.
type handler struct {
	make   []grant // to create it and read it again; a failed update, to take it back
	change []grant
	remove []grant
}

func (h handler) all() []grant { return slices.Concat(h.make, h.change, h.remove) }

func (h handler) changed() []grant { return h.change }

func (h handler) removed() []grant { return h.remove }

// behalf are the rights that CloudFormation borrows in a task.
func behalf(t Task) []grant {
	switch t {
	case Deploy:
		return handled(handler.all)
	case Destroy:
		return handled(handler.removed)
	case Operate: // buffer updates the stream
		return handlers()["AWS::KinesisFirehose::DeliveryStream"].changed()
	}
	return nil
}

func handled(rights func(handler) []grant) []grant {
	var all []grant
	for _, h := range handlers() {
		all = append(all, rights(h)...)
	}
	return all
}
