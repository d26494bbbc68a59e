/** What is changed, room by room: how the paths of sources begin, and the tests that concern them, in any order. */
export const ROOMS = {
  color: {
    sources: ['assembly/color/', 'worker/color.ts'],
    tests: [
      'kernels/color',
      'kernels/scale-samples',
      'kernels/planes',
      'kernels/planes-rgb',
      'kernels/planes-strips',
      'kernels/jpeg',
      'kernels/golden-frames',
      'kernels/bounds',
    ],
  },
  jpeg: {
    sources: ['assembly/jpeg/'],
    tests: [
      'kernels/coefficients',
      'kernels/quantise',
      'kernels/planes-jpeg',
      'kernels/jpeg',
      'kernels/progressive',
      'kernels/size',
      'kernels/trellis',
      'kernels/bounds',
    ],
  },
  'jpeg-worker': {
    sources: ['worker/jpeg/'],
    tests: [
      'kernels/jpeg',
      'kernels/quantise',
      'kernels/planes-strips',
      'kernels/planes-jpeg',
      'kernels/progressive',
      'kernels/size',
      'kernels/budget',
      'kernels/limits',
      'kernels/color',
      'kernels/golden-frames',
      'kernels/bounds',
    ],
  },
  png: {
    sources: [
      'assembly/png/adler',
      'assembly/png/crc',
      'assembly/png/filter',
      'assembly/png/pack',
      'assembly/png/reduce',
      'worker/png/',
    ],
    tests: ['kernels/png', 'kernels/png-reduce', 'kernels/png-pieces', 'kernels/png-properties', 'kernels/bounds'],
  },
  deflate: {
    sources: ['assembly/png/deflate/'],
    tests: ['kernels/deflate', 'kernels/png-pieces'],
  },
  redeye: {
    sources: ['assembly/redeye/', 'worker/red-eye'],
    tests: [
      'kernels/red-eye',
      'kernels/red-eye-circle',
      'kernels/red-eye-correction',
      'kernels/red-eye-none',
      'kernels/red-eye-planes',
      'kernels/red-eye-search',
      'kernels/red-eye-stages',
      'kernels/bounds',
    ],
  },
  resample: {
    sources: ['assembly/resample/', 'worker/resample', 'worker/scale.ts', 'worker/light.ts'],
    tests: [
      'kernels/resample',
      'kernels/resample-exact',
      'kernels/resample-rows',
      'kernels/resample-quality',
      'kernels/turned',
      'kernels/planes-layout',
      'kernels/bounds',
    ],
  },
  sharpness: {
    sources: ['assembly/sharpness/', 'worker/sharpness.ts'],
    tests: ['kernels/sharpness', 'kernels/planes-rgb', 'kernels/bounds'],
  },
  geometry: {
    sources: ['worker/geometry.ts', 'worker/image.ts', 'worker/layout.ts', 'worker/memory.ts'],
    tests: ['unit/geometry', 'unit/kernel-memory', 'kernels/layout', 'kernels/planes-layout'],
  },
  metadata: {
    sources: ['worker/metadata/'],
    tests: ['unit/metadata', 'unit/metadata-limits', 'unit/metadata-reads'],
  },
};
