"""Detection: images with boxes, anchors, losses, average precision, the training of SSD and SSDLite."""
