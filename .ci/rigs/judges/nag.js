// Judges a template (JSON) with cdk-nag's AWS Solutions rules.
// usage: node nag.js TEMPLATE.json
// Acknowledgements stand in the template itself, as
// Metadata.cdk_nag.rules_to_suppress of a resource or of the whole template.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { App, Stack, Validations } = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const { AwsSolutionsChecks } = require('cdk-nag');

const file = process.argv[2];
const template = JSON.parse(fs.readFileSync(file, 'utf8'));
const out = fs.mkdtempSync(path.join(os.tmpdir(), 'nag-'));
const rules = (node) => node.Metadata?.cdk_nag?.rules_to_suppress ?? [];

const app = new App({ outdir: out, analyticsReporting: false });
const stack = new Stack(app, 'pixelctl');
const included = new CfnInclude(stack, 'template', { templateFile: file });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
for (const [id, resource] of Object.entries(template.Resources)) {
  for (const rule of [...rules(template), ...rules(resource)]) {
    Validations.of(included.getResource(id)).acknowledge(rule);
  }
}

let failed = false;
try {
  app.synth();
} catch (err) {
  failed = true;
  console.log(err.message);
}
const report = path.join(out, 'validation-report.json');
let open = 0;
if (fs.existsSync(report)) {
  for (const plugin of JSON.parse(fs.readFileSync(report, 'utf8')).pluginReports ?? []) {
    for (const v of plugin.violations ?? []) {
      open++;
      const where = (v.violatingConstructs ?? []).map((c) => c.constructPath).join(', ');
      console.log(`${v.ruleName} (${v.severity}): ${where}: ${v.description}`);
    }
  }
}
console.log(`${Object.keys(template.Resources).length} resources, ${open} findings`);
fs.rmSync(out, { recursive: true, force: true });
process.exitCode = failed || open > 0 ? 1 : 0;
