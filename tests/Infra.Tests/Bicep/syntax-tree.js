// Prints the syntax trees of the Bicep files named on the command line, as one JSON array in the same order:
// t type, f field of the parent, s and e offsets in UTF-16 units, c children (anonymous tokens included).
const path = require('node:path');
const fs = require('node:fs');

const modules = path.join(process.argv[2], 'node_modules');
const Parser = require(path.join(modules, 'tree-sitter'));
const parser = new Parser();
parser.setLanguage(require(path.join(modules, 'tree-sitter-bicep')));

function toJson(cursor) {
  const node = cursor.currentNode;
  const json = { t: node.type, s: node.startIndex, e: node.endIndex, c: [] };
  if (cursor.currentFieldName) json.f = cursor.currentFieldName;
  if (node.isMissing) json.t = 'MISSING ' + node.type;
  if (cursor.gotoFirstChild()) {
    do json.c.push(toJson(cursor)); while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return json;
}

const trees = process.argv.slice(3).map(file => toJson(parser.parse(fs.readFileSync(file, 'utf8')).rootNode.walk()));
process.stdout.write(JSON.stringify(trees));
