"""One hand-written asset a step; each is a thin shell over ``pipelines.dvc_stage``."""
