/**
 * An eye: its place from the picture's centre and its radius, in pixels, 8-bit fixed point, and what its edge is like.
 */
@unmanaged
export class Eye {
  x: i32;
  y: i32;
  radius: i32;
  /** How much the rays differ, over the radius; 10-bit fixed point. */
  roughness: i32;
  /** Rays without an edge. */
  withoutEdge: i32;
}
