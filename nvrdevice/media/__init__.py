"""Sources, profiles and encoders as the device knows them; only media.engine imports gi."""
