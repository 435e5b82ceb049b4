// Judges a template (JSON) with cdk-nag's AWS Solutions rules.
// usage: node nag.js TEMPLATE.json
// Acknowledgements stand in the template itself, as
// Metadata.cdk_nag.rules_to_suppress of a resource or of the whole template.
// One that acknowledges nothing is a finding too.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { App, Stack, Validations } = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');
const { AwsSolutionsChecks } = require('cdk-nag');

const file = process.argv[2];
const template = JSON.parse(fs.readFileSync(file, 'utf8'));
const rules = (node) => node.Metadata?.cdk_nag?.rules_to_suppress ?? [];

// findings returns what cdk-nag has against the template.
function findings(acknowledge) {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), 'nag-'));
  const app = new App({ outdir: out, analyticsReporting: false });
  const included = new CfnInclude(new Stack(app, 'pixelctl'), 'template', { templateFile: file });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  for (const [id, resource] of acknowledge ? Object.entries(template.Resources) : []) {
    for (const rule of [...rules(template), ...rules(resource)]) {
      Validations.of(included.getResource(id)).acknowledge(rule);
    }
  }
  let problem;
  try {
    app.synth();
  } catch (err) {
    problem = err; // also thrown for findings, which are in the report
  }
  const report = path.join(out, 'validation-report.json');
  if (!fs.existsSync(report)) throw problem ?? new Error('cdk-nag wrote no report');
  const plugins = JSON.parse(fs.readFileSync(report, 'utf8')).pluginReports ?? [];
  fs.rmSync(out, { recursive: true, force: true });
  return plugins.flatMap((plugin) => plugin.violations ?? []).map((v) => ({
    rule: v.ruleName,
    text: `${v.ruleName}: ${(v.violatingConstructs ?? []).map((c) => c.constructPath).join(', ')}: ${v.description}`,
  }));
}

const open = findings(true).map((f) => f.text);
const found = new Set(findings(false).map((f) => f.rule));
for (const node of [template, ...Object.values(template.Resources)]) {
  for (const { id } of rules(node)) {
    if (!found.has(id)) open.push(`${id}: acknowledged, not found`);
  }
}
for (const text of open) console.log(text);
console.log(`${Object.keys(template.Resources).length} resources, ${open.length} findings`);
process.exitCode = open.length > 0 ? 1 : 0;
