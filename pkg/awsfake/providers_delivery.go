package awsfake

import (
	"strconv"

	"pixelctl/pkg/awsfake/athena"
	"pixelctl/pkg/awsfake/cloudformation"
	"pixelctl/pkg/awsfake/firehose"
	"pixelctl/pkg/awsfake/glue"
)

func (f *Fake) deliveryProviders() map[string]cloudformation.Provider {
	return map[string]cloudformation.Provider{
		"AWS::KinesisFirehose::DeliveryStream": f.streamProvider(),
		"AWS::Glue::Database":                  f.databaseProvider(),
		"AWS::Glue::Table":                     f.tableProvider(),
		"AWS::Glue::Crawler":                   f.crawlerProvider(),
		"AWS::Athena::WorkGroup":               f.workGroupProvider(),
	}
}

func (f *Fake) streamProvider() cloudformation.Provider {
	made := func(id string, err error) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{"Arn": firehose.ARN(id)}}, err
	}
	return adapter[firehose.Stream]{
		service: "Firehose",
		name:    named(&f.names, 64, func(p *firehose.Stream) *string { return &p.DeliveryStreamName }),
		create:  func(id string, p *firehose.Stream) (physical, error) { return made(id, f.Firehose.Create(*p)) },
		update:  func(id string, p *firehose.Stream) (physical, error) { return made(id, f.Firehose.Update(*p)) },
		remove:  func(p physical) error { return f.Firehose.Delete(p.ID) },
	}
}

func (f *Fake) databaseProvider() cloudformation.Provider {
	return adapter[glue.Database]{
		service: "Glue",
		name:    named(&f.names, 255, func(p *glue.Database) *string { return &p.Name }),
		create: func(id string, p *glue.Database) (physical, error) {
			return physical{ID: id}, f.Glue.CreateDatabase(*p)
		},
		update: func(id string, p *glue.Database) (physical, error) {
			return physical{ID: id}, f.Glue.UpdateDatabase(*p)
		},
		remove: func(p physical) error { return f.Glue.DeleteDatabase(p.ID) },
	}
}

func (f *Fake) tableProvider() cloudformation.Provider {
	made := func(id string, p *glue.Table, err error) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{owner: p.DatabaseName}}, err
	}
	return adapter[glue.Table]{
		service: "Glue",
		name:    named(&f.names, 255, func(p *glue.Table) *string { return &p.Name }),
		create: func(id string, p *glue.Table) (physical, error) {
			return made(id, p, f.Glue.CreateTable(p.DatabaseName, *p))
		},
		update: func(id string, p *glue.Table) (physical, error) {
			return made(id, p, f.Glue.UpdateTable(p.DatabaseName, *p))
		},
		remove: func(p physical) error { return f.Glue.DeleteTable(p.Attributes[owner], p.ID) },
	}
}

func (f *Fake) crawlerProvider() cloudformation.Provider {
	return adapter[glue.Crawler]{
		service: "Glue",
		name:    named(&f.names, 255, func(p *glue.Crawler) *string { return &p.Name }),
		create:  func(id string, p *glue.Crawler) (physical, error) { return physical{ID: id}, f.Glue.CreateCrawler(*p) },
		update:  func(id string, p *glue.Crawler) (physical, error) { return physical{ID: id}, f.Glue.UpdateCrawler(*p) },
		remove:  func(p physical) error { return f.Glue.DeleteCrawler(p.ID) },
	}
}

// recursive is the attribute that keeps the RecursiveDeleteOption, which the
// resource's deletion goes by.
const recursive = "_recursive"

func (f *Fake) workGroupProvider() cloudformation.Provider {
	made := func(id string, p *athena.WorkGroup, err error) (physical, error) {
		return physical{ID: id, Attributes: map[string]string{recursive: strconv.FormatBool(bool(p.RecursiveDeleteOption))}}, err
	}
	return adapter[athena.WorkGroup]{
		service: "Athena",
		name:    func(_ resource, p *athena.WorkGroup) string { return p.Name },
		create: func(id string, p *athena.WorkGroup) (physical, error) {
			return made(id, p, f.Athena.CreateWorkGroup(*p))
		},
		update: func(id string, p *athena.WorkGroup) (physical, error) {
			return made(id, p, f.Athena.UpdateWorkGroup(*p))
		},
		remove: func(p physical) error {
			return f.Athena.DeleteWorkGroup(p.ID, p.Attributes[recursive] == "true")
		},
	}
}
