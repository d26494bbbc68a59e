/** The places of a source that can be changed, found by the compiler of TypeScript, which parses AssemblyScript too. */
import ts from 'typescript';
import { BINARY, CALLS, otherNumbers, TYPES, UNARY } from './operators.mjs';

/** Of a table longer than this a few numbers stand for all. */
const LONG_TABLE = 16;

/** AssemblyScript's own functions. */
const BUILT_IN = /^(abs|clz|ctz|max|min|popcnt)$/;

/** Where no arithmetic is: modules, types, and what is told of an error. */
const LEFT_OUT = new Set([
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.ThrowStatement,
  ts.SyntaxKind.Decorator,
]);

/**
 * All places, in order: `start` and `end` of what is replaced by one of `others`, the `name` of the function it is in,
 * and the `table` that it belongs to, if any.
 */
export function findPoints(text, file) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const points = [];

  function add(node, others, { name, table }) {
    points.push({ start: node.getStart(source), end: node.end, others, name, table });
  }

  function visit(node, at) {
    if (LEFT_OUT.has(node.kind) || ts.isTypeNode(node)) return;
    const inside = enter(node, at);
    if (ts.isBinaryExpression(node)) changeBinary(node, inside);
    else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) changeUnary(node, inside);
    else if (ts.isCallExpression(node)) changeCall(node, inside);
    else if (isNumber(node)) add(node, otherNumbers(node.getText(source)), inside);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, ['false'], inside);
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, ['true'], inside);
    else if (isCondition(node)) add(node, [`!${node.text}`], inside);
    ts.forEachChild(node, (child) => visit(child, inside));
  }

  /** Where a node's children are. */
  function enter(node, at) {
    const named = (ts.isFunctionLike(node) || (!at.name && ts.isVariableDeclaration(node))) && node.name;
    if (named) return { ...at, name: named.getText(source) };
    if (ts.isArrayLiteralExpression(node) && node.elements.length > LONG_TABLE) return { ...at, table: node.pos };
    return at;
  }

  function changeBinary({ parent, left, operatorToken, right }, at) {
    const other = BINARY[operatorToken.getText(source)];
    const joins = isText(left) || isText(right);
    if (other && !joins && !isStep(parent, operatorToken.parent)) add(operatorToken, [other], at);
  }

  function changeUnary(node, at) {
    const operator = ts.tokenToString(node.operator);
    if (!(operator in UNARY) || isStep(node.parent, node)) return;
    const start = ts.isPrefixUnaryExpression(node) ? node.getStart(source) : node.operand.end;
    points.push({ ...at, start, end: start + operator.length, others: [UNARY[operator]] });
  }

  function changeCall({ expression, typeArguments }, at) {
    const [, owner, name] = /^(?:(\w+)\.)?(\w+)$/.exec(expression.getText(source)) ?? [];
    const other = (owner ? /^(Math|v128|[iuf]\d+x\d+)$/ : BUILT_IN).test(owner ?? name) ? CALLS[name] : undefined;
    if (other === '') add(expression, [other], at);
    else if (other) add(owner ? expression.name : expression, [other], at);
    const type = name === 'load' && typeArguments ? TYPES[typeArguments[0].getText(source)] : undefined;
    if (type) add(typeArguments[0], [type], at);
  }

  visit(source, {});
  return points;
}

/** Whether a node is how a loop counts: one that counts the wrong way tells no more than that it is run. */
function isStep(parent, node) {
  return ts.isForStatement(parent) && parent.incrementor === node;
}

/** Whether a name alone decides. */
function isCondition(node) {
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  return ts.isConditionalExpression(parent) ? parent.condition === node : ts.isIfStatement(parent);
}

function isNumber(node) {
  return ts.isNumericLiteral(node) || ts.isBigIntLiteral(node);
}

function isText(node) {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}
