# upload
