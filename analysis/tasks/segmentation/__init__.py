"""Segmentation: folders of images and masks, training of the heads in `analysis.arch.deeplab`, mean IoU."""
