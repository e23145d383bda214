extension Request {
    func weight() -> Int {
        let weights = ["GET": 1, "PUT": 3, "POST": 3, "DELETE": 2] // expect: literal-keys
        return weights[method, default: 5]
    }
}
