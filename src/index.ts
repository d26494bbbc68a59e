/** 'motordrive': camera frames become photos in a worker. */
export { Darkroom, type DarkroomOptions } from './darkroom/darkroom.ts';
export { ImageCapture, type ImageCaptureOptions } from './photo/image-capture.ts';
export { MotorDrive, type MotorDriveOptions } from './burst/motor-drive.ts';
export type { BracketStep, BurstOptions } from './burst/options.ts';
export type { BurstProgress, Shot, ShotTimes } from './burst/shot.ts';
export { takePhoto } from './photo/take-photo.ts';
export type { GpsMetadata, PhotoMetadata } from '../worker/metadata/photo-metadata.ts';
export type { ChromaSubsampling, DevelopOptions, Effort, Fit, PhotoType, ResampleKernel } from '../worker/options.ts';
export type { KeptFrame } from '../worker/frame/keep.ts';
export type { Photo, PhotoTimes, RedEye, Timings } from '../worker/photo.ts';
