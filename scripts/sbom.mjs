// Writes a software bill of materials (CycloneDX 1.6, JSON) of a build to standard output: the NuGet packages that a restore resolved, with their
// hashes and who needs whom, and the npm packages of the lock file, which build and test but are not shipped ("excluded").
// The same input gives the same bytes.
// Usage: node scripts/sbom.mjs PROJECT.ASSETS.JSON [PACKAGE-LOCK.JSON] [--version VERSION]
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const words = process.argv.slice(2);
const at = words.indexOf('--version');
const version = at < 0 ? '0.0.0' : words.splice(at, 2)[1];
const [assetsPath, lockPath] = words;
if (!assetsPath || !version) {
  console.error('Usage: node scripts/sbom.mjs PROJECT.ASSETS.JSON [PACKAGE-LOCK.JSON] [--version VERSION]');
  process.exit(2);
}

const read = path => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`${path}: ${error.message} Expected the file that 'dotnet restore' (or npm) writes.`);
    process.exit(1);
  }
};
const hex = base64 => Buffer.from(base64, 'base64').toString('hex');
const byReference = (a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : a['bom-ref'] > b['bom-ref'] ? 1 : 0);

const assets = read(assetsPath);
const root = { type: 'application', 'bom-ref': 'mlops-serverless', name: 'mlops-serverless', version };
const nuget = (name, number) => `pkg:nuget/${name}@${number}`;
const packages = Object.entries(assets.libraries).filter(([, library]) => library.type === 'package');
const resolved = new Map(packages.map(([key]) => [key.split('/')[0].toLowerCase(), nuget(...key.split('/'))]));
const components = packages.map(([key, library]) => {
  const [name, number] = key.split('/');
  return { type: 'library', 'bom-ref': nuget(name, number), name, version: number, scope: 'required', purl: nuget(name, number), hashes: [{ alg: 'SHA-512', content: hex(library.sha512) }] };
});

// Every target (with and without a runtime) may need something; projects of ours pass on what they need.
const needs = new Map();
for (const target of Object.values(assets.targets)) {
  for (const [key, library] of Object.entries(target)) {
    const from = library.type === 'package' ? nuget(...key.split('/')) : root['bom-ref'];
    const to = Object.keys(library.dependencies ?? {}).map(name => resolved.get(name.toLowerCase())).filter(Boolean);
    needs.set(from, new Set([...(needs.get(from) ?? []), ...to]));
  }
}
const direct = Object.values(assets.project.frameworks).flatMap(framework => Object.keys(framework.dependencies ?? {})).map(name => resolved.get(name.toLowerCase())).filter(Boolean);
needs.set(root['bom-ref'], new Set([...(needs.get(root['bom-ref']) ?? []), ...direct]));

for (const [path, entry] of lockPath ? Object.entries(read(lockPath).packages) : []) {
  const name = path.split('node_modules/').at(-1);
  const reference = `pkg:npm/${name.replace('@', '%40')}@${entry.version}`;
  if (path && entry.integrity && !components.some(component => component['bom-ref'] === reference)) {
    const [algorithm, content] = entry.integrity.split(' ')[0].split(/-(.*)/s);
    components.push({
      type: 'library', 'bom-ref': reference, name, version: entry.version, scope: 'excluded', purl: reference,
      hashes: [{ alg: algorithm.toUpperCase().replace('SHA', 'SHA-'), content: hex(content) }],
      ...(entry.license ? { licenses: [/^https?:/.test(entry.license) ? { license: { name: 'other', url: entry.license } } : { expression: entry.license }] } : {}),
    });
  }
}

const content = {
  components: components.sort(byReference),
  dependencies: [...needs].map(([ref, on]) => ({ ref, dependsOn: [...on].sort() })).sort((a, b) => (a.ref < b.ref ? -1 : 1)),
};
const digest = createHash('sha256').update(JSON.stringify([root, content])).digest('hex');
const serial = `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
console.log(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: serial, version: 1, metadata: { component: root }, ...content }, null, 2));
