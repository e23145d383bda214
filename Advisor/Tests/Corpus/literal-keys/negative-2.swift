// Given away as a whole.
func headers() -> [String: String] {
    let headers = ["Accept": "text/html", "Host": "example.org", "Connection": "close"]
    return headers
}
