package cloud

import (
	"pixelctl/pkg/lake"
	"pixelctl/pkg/pipeline"
)

const dataPrefix, errorPrefix = lake.DataPrefix + "/", lake.ErrorPrefix + "/"

// The calls that a dry run lists are those that change something.

func (t *Target) deployCalls(c *change) []string {
	var calls []string
	if c.have == nil || c.have.artifacts == "" {
		calls = append(calls,
			"cloudformation:CreateChangeSet stack "+t.o.Stack+" (artifact bucket)",
			"cloudformation:ExecuteChangeSet stack "+t.o.Stack+" (artifact bucket)")
	}
	return append(calls,
		"s3:PutObject "+c.input.Parameters[paramArtifact]+" (unless it is there)",
		"cloudformation:CreateChangeSet stack "+t.o.Stack,
		"cloudformation:ExecuteChangeSet stack "+t.o.Stack)
}

func (t *Target) destroyCalls(d *deployed, o pipeline.DestroyOptions) []string {
	if d.kept && o.KeepData {
		return nil
	}
	if d.kept {
		return []string{"s3:DeleteObjects bucket " + d.data, "s3:DeleteBucket " + d.data, "glue:DeleteDatabase " + d.database}
	}
	calls := []string{
		"glue:StopCrawler " + d.crawler + " (if it runs)",
		"cloudformation:ExecuteChangeSet stack " + t.o.Stack + " (" + paramIntake + "=" + intakeClosed + ")",
		"logs:DeleteLogStream " + d.crawler,
	}
	for _, name := range []string{d.artifacts, d.results, d.data} {
		if o.KeepData && name == d.data || name == "" {
			continue
		}
		calls = append(calls, "s3:DeleteObjects bucket "+name)
	}
	return append(calls, "cloudformation:DeleteStack "+t.o.Stack)
}
