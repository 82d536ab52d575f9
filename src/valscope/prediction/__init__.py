"""Classifying images with a run."""

from valscope.nouns.prediction import Prediction
from valscope.prediction.images import Images, images_of
from valscope.prediction.score import predict, predict_images

__all__ = ["Images", "Prediction", "images_of", "predict", "predict_images"]
