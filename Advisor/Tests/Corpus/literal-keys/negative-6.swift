func body() -> Data {
    let body: [String: Any] = ["name": "x", "age": 3, "admin": true]
    return encode(body)
}
