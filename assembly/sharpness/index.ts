export * from './laplacian';
