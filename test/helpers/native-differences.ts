/**
 * Where the engines' own ImageCapture does otherwise than `conformance.ts` states: each statement that does not hold,
 * and why.
 */
const DIFFERENCES: Record<string, Record<string, string>> = {
  /** Chromium 156. */
  chromium: {
    'redEyeReduction is converted to a boolean':
      'NotSupportedError: redEyeReduction is not controllable, false included',
    'grabFrame() rejects with OperationError when the track stops meanwhile': 'undefined, after 2 s',
    'ranges are finite, begin at 1 or above, and include the sizes of the track':
      '96 to 1920, of a track of up to 3840',
    'red-eye reduction is controllable': 'never',
    'settings leave out the size of a track that has shown nothing yet': '0 and 0',
    'a photo has the size asked for, odd sizes too': 'the size at which the camera runs',
    'with one side given the other follows the aspect ratio': 'the size at which the camera runs',
    'a size outside the range rejects with NotSupportedError, before and after capabilities were read':
      'only afterwards',
    'photos taken in rapid succession all arrive, each by its own settings': 'the size at which the camera runs',
    'a photo of a scaled track has the size at which the track is shown': 'the size at which the camera runs',
    'a photo of every kind of track: canvas': 'UnknownError: setPhotoOptions failed',
    'a photo of every kind of track: still canvas': 'UnknownError: setPhotoOptions failed',
    'a photo of every kind of track: generator': 'UnknownError: setPhotoOptions failed',
    'a photo of every kind of track: screen': 'UnknownError: setPhotoOptions failed',
    'a photo of every kind of track: remote': 'UnknownError: setPhotoOptions failed',
    'a photo of every kind of track: iframe': 'UnknownError: setPhotoOptions failed',
    'frames grabbed together all arrive': 'undefined, but for the first',
    'grabFrame() waits for a track that shows nothing yet': 'undefined, after 2 s',
  },
  /** WebKitGTK 2.50. */
  webkit: {
    'getPhotoCapabilities() returns a promise rejected with InvalidStateError when the track is disabled': 'resolves',
    'getPhotoSettings() returns a promise rejected with InvalidStateError when the track is disabled': 'resolves',
    'grabFrame() returns a promise rejected with InvalidStateError when the track is disabled': 'a black frame',
    'takePhoto() returns a promise rejected with InvalidStateError when the track is disabled': 'a black photo',
    'red-eye reduction is controllable': 'not told',
    'settings leave out the size of a track that has shown nothing yet': 'UnknownError: Not supported',
    'a photo has the size asked for, odd sizes too': 'the next larger size of the camera',
    'with one side given the other follows the aspect ratio': 'the next larger size of the camera',
    'a size outside the range rejects with NotSupportedError, before and after capabilities were read':
      'brought into the range',
    'photos taken in rapid succession all arrive, each by its own settings': 'the next larger size of the camera',
    'a photo of a scaled track has the size at which the track is shown': 'the next larger size of the camera',
    'a photo of every kind of track: canvas': 'UnknownError: Not supported',
    'a photo of every kind of track: still canvas': 'UnknownError: Not supported',
    'a photo of every kind of track: iframe': 'UnknownError: Not supported',
    'grabFrame() waits for a track that shows nothing yet': 'an empty frame of the canvas',
    'the track is not changed': 'UnknownError: Unable to create ImageBitmap, right after a photo',
  },
};

/** Statements that hold for an engine's class or not, as chance has it. */
export const BY_CHANCE: readonly string[] = [
  'takePhoto() rejects with OperationError when the track stops meanwhile',
  'a photo and new constraints together: both succeed',
];

/** The statements that do not hold for the class of this engine, and why. */
export function differencesOf(engine: string): Record<string, string> {
  return DIFFERENCES[engine] ?? {};
}
