"""Does latency follow multiply-adds?"""
