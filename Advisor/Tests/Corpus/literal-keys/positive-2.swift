func status(_ code: Int) -> String {
    [200: "OK", 404: "Not Found", 500: "Internal Server Error"][code] ?? "Unknown" // expect: literal-keys
}
