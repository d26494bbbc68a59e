/**
 * The numbers that describe a candidate, by name: their order is that in which the forest was trained on them. They are
 * taken of 16 rays × 16 rings, which make eight bands. Luma has four bits of fraction, shares and ratios have ten.
 */
export enum Feature {
  /** Of each band: the mean of redness, of luma and of saturation, and the share of skin. */
  REDNESS_MEAN = 0,
  LUMA_MEAN = 8,
  SATURATION_MEAN = 16,
  SKIN_SHARE = 24,
  /** Of each band from the third on, two by two: how far redness spreads, and the most of it. */
  REDNESS_SPREAD = 32,
  REDNESS_MOST = 33,
  /** Of each band from the second to the sixth: the least luma. */
  LUMA_LEAST = 44,

  /**
   * The lightest sample of the pupil, by its least channel; by how much it is more than the middle one; the share of
   * light ones.
   */
  GLINT = 49,
  GLINT_OVER_PUPIL = 50,
  GLINT_SHARE = 51,

  /** The pupil's mean colour: red, green and blue in ratio to it, and how far it is towards orange. */
  CORE_RED = 52,
  CORE_GREEN = 53,
  CORE_BLUE = 54,
  CORE_ORANGE = 55,

  /**
   * The darkest ring about the pupil in ratio to the skin's luma, and its own luma; the pupil's luma in ratio to the
   * skin's.
   */
  RIM_TO_SKIN = 56,
  RIM_LUMA = 57,
  CORE_TO_SKIN = 58,

  /**
   * How much of a ray is white of the eye: of all rays, of the one with most, of opposite ones with most and with
   * least.
   */
  SCLERA_MEAN = 59,
  SCLERA_RAY = 60,
  SCLERA_BEST_PAIR = 61,
  SCLERA_WORST_PAIR = 62,

  /**
   * By how much redness falls along the rays: the mean, the least, the fifth least; the share of rays where it clearly
   * does.
   */
  EDGE_MEAN = 63,
  EDGE_LEAST = 64,
  EDGE_LOW = 65,
  EDGE_CLEAR = 66,
  /** By how much luma rises along the rays. */
  LUMA_RISE = 67,

  /** The share of samples that are about as red as the pupil, farther out and nearer. */
  RED_FAR = 68,
  RED_NEAR = 69,

  /** How rough the fitted circle is, and the share of rays without an edge. */
  ROUGHNESS = 70,
  RAYS_WITHOUT_EDGE = 71,

  COUNT = 72,
}
