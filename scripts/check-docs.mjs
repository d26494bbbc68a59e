/**
 * Checks that everything public has a docstring: each export of the package's entries, and each member that an exported
 * class, interface or object type writes down itself. Prints what has none and exits with 1.
 */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENTRIES = ['src/index.ts', 'src/kernels.ts', 'src/polyfill.ts', 'src/bench/index.ts'];

const config = ts.getParsedCommandLineOfConfigFile(
  `${root}src/tsconfig.json`,
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic() {} },
);
const program = ts.createProgram(
  ENTRIES.map((entry) => root + entry),
  { ...config.options, composite: false, noEmit: true },
);
const checker = program.getTypeChecker();
const seen = new Set();
const missing = new Map();

for (const entry of ENTRIES) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(root + entry));
  for (const symbol of checker.getExportsOfModule(module)) checkExport(resolve(symbol));
}
if (missing.size > 0) {
  console.error([...missing.values()].sort().join('\n'));
  process.exit(1);
}

function checkExport(symbol) {
  if (seen.has(symbol) || !isOurs(symbol)) return;
  seen.add(symbol);
  requireDoc(symbol, symbol.name);
  const type = symbol.flags & ts.SymbolFlags.Type ? checker.getDeclaredTypeOfSymbol(symbol) : undefined;
  if (type) checkMembers(type, symbol.name);
  // Statics and the members of exported values.
  if (symbol.flags & ts.SymbolFlags.Class) checkMembers(checker.getTypeOfSymbol(symbol), symbol.name);
}

/** Members that a declaration of our own has written down; those that it took from elsewhere are checked there. */
function checkMembers(type, owner) {
  for (const part of type.isUnionOrIntersection() ? type.types : [type]) {
    for (const member of checker.getPropertiesOfType(part)) {
      if (!isOurs(member) || !isPublic(member)) continue;
      requireDoc(member, `${owner}.${member.name}`);
    }
  }
}

function requireDoc(symbol, name) {
  if (symbol.getDocumentationComment(checker).length > 0) return;
  const declaration = symbol.declarations[0];
  const file = declaration.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(declaration.getStart());
  const place = `${relative(root, file.fileName)}:${line + 1}`;
  missing.set(`${place} ${name}`, `${place}: ${name} has no docstring.`);
}

function resolve(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isOurs({ declarations = [] }) {
  return declarations.some(
    (one) => !one.getSourceFile().isDeclarationFile && one.getSourceFile().fileName.startsWith(root),
  );
}

function isPublic({ name, declarations }) {
  if (name.startsWith('#') || name === 'prototype') return false;
  return !declarations.some(
    (one) => ts.getCombinedModifierFlags(one) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected),
  );
}
