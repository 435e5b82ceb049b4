package cloud_test

import (
	"testing"

	"pixelctl/pkg/pipeline"
	"pixelctl/pkg/pipeline/pipelinetest"
)

func TestPipeline(t *testing.T) {
	pipelinetest.Run(t, func(t *testing.T) pipelinetest.Harness {
		t.Parallel()
		a := newAccount(t)
		return pipelinetest.Harness{
			Pipeline: a.target(), Again: func() pipeline.Pipeline { return a.target() },
			Client: a.fake.Client(), Settle: a.settle, Corrupt: a.corrupt, Remains: a.remains,
			Now: a.fake.Clock().Now, Pass: a.fake.Clock().Advance,
		}
	})
}
