export { deinterleaveUv } from './planes';
