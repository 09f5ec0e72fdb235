"""How a language model is asked, over OpenAI's protocol."""
