# compress
