/** 'motordrive': camera frames become photos in a worker. */
export { Darkroom, type DarkroomOptions } from './darkroom.ts';
export { ImageCapture, type ImageCaptureOptions } from './image-capture.ts';
export { MotorDrive, type BurstOptions, type Shot } from './motor-drive.ts';
export { takePhoto } from './take-photo.ts';
export type { GpsMetadata, PhotoMetadata } from '../worker/metadata/photo-metadata.ts';
export type { ChromaSubsampling, DevelopOptions, Effort, Fit, PhotoType, ResampleKernel } from '../worker/options.ts';
export type { Photo, RedEye, Timings } from '../worker/photo.ts';
