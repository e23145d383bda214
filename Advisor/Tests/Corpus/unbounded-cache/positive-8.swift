var responseCache: [String: Response] = [:] // expect if asked: unbounded-cache

func respond(_ request: Request) -> Response {
    if let response = responseCache[request.path] { return response }
    let response = compute(request)
    responseCache.updateValue(response, forKey: request.path)
    return response
}
