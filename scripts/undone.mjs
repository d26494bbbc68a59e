/**
 * Whether a file of tests was not done, since the process of its browser ended.
 * @param {import('vitest/node').TestSpecification} specification
 */
export function isUndone({ testModule }) {
  if (!testModule || ['pending', 'queued'].includes(testModule.state())) return true;
  return [...testModule.children.allTests()].some((test) => test.result().state === 'pending');
}
