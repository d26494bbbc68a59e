/**
 * A transform of the AssemblyScript compiler that writes build/records.js: how TypeScript fills and reads the records
 * that kernels find in linear memory. A record is an `@unmanaged` class of assembly/, whose fields are words of 32
 * bits; nowhere else does its layout stand. A kernel that takes a record and nothing else is called with its fields.
 */
import { CommonFlags, DecoratorFlags, ElementKind, TypeKind } from 'assemblyscript';
import { Transform } from 'assemblyscript/transform';

export default class WriteRecords extends Transform {
  afterCompile() {
    const instances = [...this.program.instancesByName.values()].filter(isOwn).sort(byName);
    const kernels = instances.filter(takesRecord).map(kernelOf);
    const records = instances.filter(isRecord).map(recordOf);
    const taken = new Set(kernels.map(({ record }) => record));
    const calls = records.filter(({ name }) => taken.has(name));
    const kept = records.filter(({ name }) => !taken.has(name));
    const code = [
      ...calls.map(writer),
      ...kept.flatMap((record) => [`export ${writer(record)}`, reader(record)]),
      callers(kernels, calls),
    ];
    const types = [...records.map(typeOf), ...kept.map(functionTypes), callerTypes(kernels)];
    this.writeFile('build/records.js', code.join('\n'), this.baseDir);
    this.writeFile('build/records.d.ts', types.join('\n'), this.baseDir);
  }
}

function isOwn({ internalName }) {
  return internalName.startsWith('assembly/');
}

function byName(a, b) {
  return a.internalName < b.internalName ? -1 : 1;
}

function isRecord({ kind, decoratorFlags }) {
  return kind === ElementKind.Class && (decoratorFlags & DecoratorFlags.Unmanaged) !== 0;
}

/** Whether it is an exported function that takes a record and nothing else. */
function takesRecord({ kind, prototype, signature }) {
  if (kind !== ElementKind.Function || (prototype.flags & CommonFlags.ModuleExport) === 0) return false;
  return signature.parameterTypes.length === 1 && signature.parameterTypes[0].classReference !== null;
}

function kernelOf({ prototype, signature }) {
  const returns = signature.returnType.kind === TypeKind.Void ? 'void' : 'number';
  return { name: prototype.name, record: signature.parameterTypes[0].classReference.name, returns };
}

function recordOf({ name, members }) {
  const fields = [...members.values()].filter(({ isField }) => isField);
  for (const field of fields) {
    if (field.instance.type.size !== 32) throw new Error(`${name}.${field.name} is no word of 32 bits.`);
  }
  return { name, fields: fields.map((field) => ({ name: field.name, word: field.instance.memoryOffset / 4 })) };
}

function writer({ name, fields }) {
  const lines = fields.map((field) => `  words[at + ${field.word}] = record.${field.name};\n`);
  return `function write${name}(words, at, record) {\n${lines.join('')}}\n`;
}

function reader({ name, fields }) {
  const values = fields.map((field) => `${field.name}: words[at + ${field.word}]`);
  return `export function read${name}(words, at) {
  return { ${values.join(', ')} };
}

export const ${sizeOf(name)} = ${fields.length * 4};
`;
}

/** The name of a record's size: that of `Level` is `LEVEL_BYTES`. */
function sizeOf(name) {
  return `${name.replace(/\B[A-Z]/g, '_$&').toUpperCase()}_BYTES`;
}

function typeOf({ name, fields }) {
  return `export type ${name} = {\n${fields.map((field) => `  ${field.name}: number;\n`).join('')}};\n`;
}

function functionTypes({ name }) {
  return `export declare function write${name}(words: Int32Array, at: number, record: ${name}): void;
export declare function read${name}(words: Int32Array, at: number): ${name};
/** Bytes of a {@link ${name}}. */
export declare const ${sizeOf(name)}: number;
`;
}

function callers(kernels, calls) {
  const functions = kernels.map(
    ({ name, record }) => `    ${name}(record) {
      write${record}(words(), at, record);
      return kernels.${name}(at * 4);
    },\n`,
  );
  return `export const LARGEST_CALL_BYTES = ${Math.max(0, ...calls.map(({ fields }) => fields.length)) * 4};

export function withRecords(kernels, words, at) {
  return {
    ...kernels,
${functions.join('')}  };
}
`;
}

function callerTypes(kernels) {
  const functions = kernels.map(({ name, record, returns }) => `  ${name}(record: ${record}): ${returns};\n`);
  return `/** The kernels that take a record. */
export type RecordKernels = {
${functions.join('')}};
/** Bytes that the largest of their records takes. */
export declare const LARGEST_CALL_BYTES: number;
/** The kernels; those that take a record are called with its fields, which are written to \`words\` of memory from \`at\` on. */
export declare function withRecords<Kernels>(
  kernels: Kernels,
  words: () => Int32Array,
  at: number,
): Omit<Kernels, keyof RecordKernels> & RecordKernels;
`;
}
