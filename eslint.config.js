import tseslint from 'typescript-eslint';

/** `src → worker → assembly`: each room may import from the rooms to its right, never back. */
const onlyFrom = (files, forbidden, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: forbidden, message }] }] },
});

export default tseslint.config(
  { ignores: ['bench/peers/dist/**', 'build', 'dist', 'dist-demo', '.tsbuild', 'node_modules'] },
  tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "NewExpression[callee.name='Uint8Array'][arguments.length=1] > MemberExpression[property.name='buffer']",
          message: 'A view may cover part of its buffer: pass byteOffset and byteLength.',
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['assembly/**'],
    rules: {
      '@typescript-eslint/no-loss-of-precision': 'off',
      'prefer-const': 'off',
      'no-loss-of-precision': 'off',
    },
  },
  { files: ['scripts/**', 'bench/**', 'test/**', '*.config.*'], rules: { 'no-console': 'off' } },
  onlyFrom(
    ['assembly/**'],
    '^[^.]|(^|/)\\.\\./.*(worker|src|demo|bench|test)/',
    'assembly/ imports nothing but assembly/.',
  ),
  onlyFrom(
    ['worker/**'],
    '(^|/)\\.\\./(.*/)?(src|assembly|demo|bench|test)/',
    'worker/ imports the compiled kernels only.',
  ),
  onlyFrom(['src/**'], '(^|/)\\.\\./(.*/)?(assembly|build|demo|bench|test)/', 'src/ imports worker/ only.'),
);
