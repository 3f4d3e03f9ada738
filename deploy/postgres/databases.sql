-- Run by the image once, on a new volume.
CREATE DATABASE dagster;
CREATE DATABASE mlflow;
