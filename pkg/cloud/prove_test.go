package cloud_test

import (
	"strings"
	"testing"

	"pixelctl/pkg/awsfake"
	"pixelctl/pkg/fault"
	"pixelctl/pkg/pipeline"
)

// Who may not ask for some of what was removed learns which, and that the rest
// is gone.
func TestDestroyListsWhatCannotBeProven(t *testing.T) {
	t.Parallel()
	a := newSmall(t)
	a.deploy()
	a.fake.Fail(awsfake.Fault{Service: "iam", Operation: "GetRole", Code: "AccessDenied", Times: awsfake.Forever})
	a.fake.Fail(awsfake.Fault{Service: "s3", Operation: "HeadBucket", Code: "AccessDenied", Times: awsfake.Forever})
	r, err := a.target().Destroy(t.Context(), pipeline.DestroyOptions{}, nil)
	if fault.KindOf(err) != fault.Credentials || fault.HintOf(err) == "" {
		t.Errorf("kind %d, hint %q: %v", fault.KindOf(err), fault.HintOf(err), err)
	}
	unproven := 0
	for _, i := range r.Items {
		asked := i.Kind != "AWS::IAM::Role" && i.Kind != "AWS::S3::Bucket"
		if i.Gone != asked || (i.Reason == "") != asked {
			t.Errorf("%+v", i)
		}
		if !asked {
			unproven++
		}
	}
	left := fault.LeftOf(err)
	if unproven == 0 || len(left) != unproven || !strings.Contains(left[0], "you may not ask whether it is gone") {
		t.Errorf("%d unproven, left %q", unproven, left)
	}
	a.isEmpty()
}
