// The client is built here.
